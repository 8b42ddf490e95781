"""Staff at the desk."""
