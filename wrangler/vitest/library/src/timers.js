// The host has put timers of the runner's in place while this is evaluated: the
// library keeps them, whatever tests do to the global ones.
import { setSafeTimers } from "@vitest/utils/timers";

setSafeTimers();
