// LinkerdPolicy
