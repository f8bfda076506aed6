// RegisterReader
