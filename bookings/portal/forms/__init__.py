"""What patients fill in. Forms check shape; policies judge meaning."""
