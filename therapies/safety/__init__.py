"""Changes of what decides for whom a therapy is safe: judged, proposed, decided."""
