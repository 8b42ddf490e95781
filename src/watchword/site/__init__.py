"""The public's and the registrants' pages."""
