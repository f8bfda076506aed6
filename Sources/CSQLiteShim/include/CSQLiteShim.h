// CSQLiteShim
