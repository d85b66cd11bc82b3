"""Who may read a clinical record at the desk, and what opens one."""
