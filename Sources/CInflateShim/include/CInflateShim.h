// CInflateShim
