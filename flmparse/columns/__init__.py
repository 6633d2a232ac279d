"""Columns: values as the machine reads them, as pandas arrays, and the selection of rows."""
