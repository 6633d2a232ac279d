"""Bytes to command blocks: files and archives, clean text, prompts; every line is owned by one block."""
