"""How dates are read and shown: day before month, as at our clinics."""
