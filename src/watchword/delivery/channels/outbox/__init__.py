"""Letters for the office's own mail room: a PDF file each, in a folder. docs/howto/send-letters.md."""
