SwaggerUIBundle({
  url: "openapi",
  dom_id: "#explorer",
  deepLinking: true,
  validatorUrl: null,
});
