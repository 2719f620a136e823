import { z } from 'zod';
import { Uuid } from './primitives';

export const CLIENT_HEADER = 'coppice-client';
/** Which browser a page is in, by the UUID that the browser keeps. It opens nothing. */
export const ClientHeaders = z.object({ [CLIENT_HEADER]: Uuid.optional() });

/** Signing in a browser: the token of a one-time link, or the key that programs use. */
export const SignIn = z.strictObject({ token: z.string().min(1).max(512) }).meta({ id: 'SignIn' });

export const SignInLink = z.object({ url: z.string(), expiresAt: z.string() }).meta({ id: 'SignInLink' });
export type SignInLink = z.infer<typeof SignInLink>;

/** What the server writes to COPPICE_READY_FILE once it serves. */
export const ReadyFile = z.object({ url: z.string(), token: z.string(), pid: z.int(), runnerPid: z.int().nullable() });
export type ReadyFile = z.infer<typeof ReadyFile>;
