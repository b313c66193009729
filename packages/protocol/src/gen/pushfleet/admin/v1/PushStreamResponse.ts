// Original file: proto/pushfleet/admin/v1/command_service.proto

import type { StreamedAnswerInit as _pushfleet_admin_v1_StreamedAnswerInit, StreamedAnswer as _pushfleet_admin_v1_StreamedAnswer } from '../../../pushfleet/admin/v1/StreamedAnswer.ts';

export interface PushStreamResponseInit {
  'answers'?: (_pushfleet_admin_v1_StreamedAnswerInit)[];
}

export interface PushStreamResponse {
  'answers': (_pushfleet_admin_v1_StreamedAnswer)[];
}
