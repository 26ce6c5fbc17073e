import posix from "path-unified/posix";
import win32 from "path-unified/win32";
export { posix, win32 };
