/** For all tests of a project: what they have made on the disk goes with them. */
import { afterAll } from 'vitest';
import { removeFolders } from './repository';

afterAll(removeFolders);
