"""A browser, a survey page and a scripted hand, for measuring scripts in a page."""
