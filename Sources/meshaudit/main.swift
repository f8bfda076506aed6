print("meshaudit")
