"""What every way of mailing letters shares: the letter itself, as a PDF."""
