import { useEffect, useState } from "preact/hooks";
import { bytesSent } from "../state/bytes-sent.ts";

/** Says that nothing leaves the page, and shows what the browser has counted. */
export function Privacy() {
  const [sent, setSent] = useState(bytesSent());
  useEffect(() => {
    const timer = setInterval(() => setSent(bytesSent()), 2000);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="privacy">
      <b>Bytes sent: {sent}.</b> All that is learnt, seen and heard stays here; the page's own
      policy forbids it every connection.
    </p>
  );
}
