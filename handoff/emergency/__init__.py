"""緊急時情報提供票: what the police or an ambulance need to find somebody. Opened in one tap with a reason, answered for afterwards."""
