/*
 * docs.ts - the API document at /docs: the OpenAPI file of this server, shown by Swagger UI.
 *
 * Nothing is fetched from anywhere else (no validator, no fonts). Requests tried from the page
 * carry the header that the server wants from its own pages.
 */
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle';
import 'swagger-ui-dist/swagger-ui.css';
import './docs.css';

SwaggerUI({
  url: '/api/v1/openapi.json',
  dom_id: '#docs',
  validatorUrl: null,
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  requestInterceptor: (request: { headers: Record<string, string> }) => {
    request.headers['X-Requested-With'] = 'sendingo';
    return request;
  },
});
