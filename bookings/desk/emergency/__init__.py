"""The emergency card of a patient: one press for anybody on duty, and the reason afterwards."""
