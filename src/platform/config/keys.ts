import { hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Configuration } from './config.module.js';

type Purpose = 'cursors' | 'answers' | 'claims';

/** Keys of the control plane, one per purpose, derived from the one secret in the configuration (RFC 5869). */
@Injectable()
export class Keys {
  constructor(private readonly configuration: Configuration) {}

  /** 32 bytes. */
  for(purpose: Purpose): Buffer {
    const secret = Buffer.from(this.configuration.SECRET_KEY, 'base64url');
    return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `control-plane:${purpose}`, 32));
  }
}
