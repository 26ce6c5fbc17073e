// Nothing is wrong with this worker's code: it is that of the working example. What it says about
// rooms, env.SHARE_ROOM, its configuration does not give it.
export { default } from "../../../../share/packages/sessions/src/index";
