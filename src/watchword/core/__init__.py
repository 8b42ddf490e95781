"""What every room uses and no room owns: clock, errors, encryption, signing, logging. Nothing of the domain."""
