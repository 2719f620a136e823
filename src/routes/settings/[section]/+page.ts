import { error } from '@sveltejs/kit';
import { isSection } from '$lib/components/settings/sections';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ params }) => {
	if (!isSection(params.section)) error(404, 'No such settings');
	return { section: params.section };
};
