import { render } from "preact";
import { Page } from "./page.tsx";
import { watchTasks } from "./state/longest-task.ts";

watchTasks();
render(<Page />, document.getElementById("page") as HTMLElement);
