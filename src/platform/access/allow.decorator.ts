import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';

export const PERMISSION = 'permission';
export const PUBLIC = 'public';

/** `nouns:verb`. */
export type Permission = `${string}:${string}`;

/** Who may call the route: actors whose role holds the permission, within the scope of the path. */
export const Allow = (permission: Permission): MethodDecorator =>
  applyDecorators(SetMetadata(PERMISSION, permission), ApiBearerAuth());

/** A route for everybody; the reason is read by whoever reviews the list of routes. */
export const Public = (reason: string): MethodDecorator => SetMetadata(PUBLIC, reason);
