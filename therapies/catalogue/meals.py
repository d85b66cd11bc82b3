"""The codes of the vocabulary's sentences about the last meal."""

STRICTEST_FIRST = ("empty_stomach", "light_meal_then_wait", "meal_hours", "light_meal_hours_before")
"""Those about the hours after a meal."""
MEALS = (*STRICTEST_FIRST, "light_meal_just_before", "any_time_of_meal")
"""Those about the last meal at all."""
