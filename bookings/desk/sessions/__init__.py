"""The record of a session at the therapist's tablet, and a patient's sessions for those who treat."""
