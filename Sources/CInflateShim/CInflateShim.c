#include "CInflateShim.h"
