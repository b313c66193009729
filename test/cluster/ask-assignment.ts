import https from 'node:https';
import { json } from 'node:stream/consumers';

export interface HttpAnswer {
  status: number | undefined;
  retryAfter: string | undefined;
  body: unknown;
}

export interface AssignmentAnswer {
  primary: { nodeId: string; address: string; port: number };
  backups: { nodeId: string }[];
  ticket: string;
}

/** `POST /v1/assignment`, as `curl` does it. */
export function postAssignment(url: string, ca: Buffer, body: string): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const request = https.request(`${url}/v1/assignment`, { method: 'POST', ca, headers, agent: false }, (response) => {
      const { statusCode: status, headers: answered } = response;
      json(response).then((parsed) => resolve({ status, retryAfter: answered['retry-after'], body: parsed }), reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

export async function askTicket(url: string, ca: Buffer, deviceId: string, secret: string): Promise<AssignmentAnswer> {
  const { status, body } = await postAssignment(url, ca, JSON.stringify({ deviceId, secret }));
  if (status !== 200) throw new Error(`assignment refused: ${JSON.stringify(body)}`);
  return body as AssignmentAnswer;
}
