// Original file: null


export interface FieldMaskInit {
  'paths'?: (string)[];
}

export interface FieldMask {
  'paths': (string)[];
}
