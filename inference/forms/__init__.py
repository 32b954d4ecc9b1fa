"""Reads the statistical forms of reports cell by cell: 2014, 2019 and 2021."""

from __future__ import annotations

from .reading import FormReading, form_intervals, read_forms, read_forms_and_intervals

__all__ = ["FormReading", "form_intervals", "read_forms", "read_forms_and_intervals"]
