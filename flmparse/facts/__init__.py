"""Facts that several outputs tell together: one module each, imported by rules and pictures alike."""
