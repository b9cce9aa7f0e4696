"""Examples from corrections: sentences written anew by staff, kept only when a second person has approved them. Off unless switched on."""
