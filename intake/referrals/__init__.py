"""What was offered to whom and why, so that every referral can be explained later."""
