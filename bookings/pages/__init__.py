"""What the pages of portal, desk and links share."""
