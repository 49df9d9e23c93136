import { SetMetadata } from '@nestjs/common';

export const OUTSIDE_TRANSACTION = 'outside-transaction';

/** For a write that asks the outside world in its course and is safe to repeat: no transaction is held around it. */
export const OutsideTransaction = (): MethodDecorator => SetMetadata(OUTSIDE_TRANSACTION, true);
