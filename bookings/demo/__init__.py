"""A clinic that does not exist, with people who do not exist, to try the house with. Only in local mode.

`house` builds the place and its people, `visits` fills the diary through the same actions as everybody else. Both leave
alone what is already there, so a start that was cut short is finished by the next. Telephone numbers are of the kind
that films use.
"""
