"""The time of a follow-up that was pressed."""

from django import forms

from clinic.fields import MomentField


class TimeForm(forms.Form):
    """`key` keeps a double click from booking twice."""

    start = MomentField()
    key = forms.UUIDField(widget=forms.HiddenInput)
