"""Who works at the clinic: inviting, confirming, ending roles, and the visits of those who left."""
