"""The health questions as pages: one way to ask, keep and send them, behind the portal, the tablet and the letters."""
