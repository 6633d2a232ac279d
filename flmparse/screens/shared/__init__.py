"""What several screens print, read in one way; a card imports from here, never from another card."""
