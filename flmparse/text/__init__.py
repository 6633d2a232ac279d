"""Bytes to command blocks: files and archives, clean text, prompts; every line belongs to one block."""
