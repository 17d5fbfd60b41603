//! Credentials of providers, each as its provider documents it: family, who and what, the name it usually stands
//! under, and its form. Where no form is documented, the one that a fresh account shows.

/// One kind of credential.
pub struct Credential {
    pub family: &'static str,
    pub kind: &'static str,
    /// The name that the provider's own pages give it in settings.
    pub name: &'static str,
    pub form: &'static str,
}

impl Credential {
    /// Whether its form holds something that no other value has, so that it needs no telling name.
    pub fn tells_itself(&self) -> bool {
        literals(self.form).iter().any(|part| part.chars().filter(|c| c.is_alphanumeric()).count() >= 2)
    }
}

/// The parts of a template outside of its words.
fn literals(form: &str) -> Vec<String> {
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for c in form.chars() {
        match c {
            '<' => {
                depth += 1;
                parts.push(String::new());
            }
            '>' => depth -= 1,
            c if depth == 0 => parts.last_mut().expect("one is there").push(c),
            _ => {}
        }
    }
    parts
}

/// Rows of one family: kind, name, form.
type Rows = &'static [(&'static str, &'static str, &'static str)];

pub fn credentials() -> Vec<Credential> {
    let row = |(family, rows): &(&'static str, Rows)| {
        let family = *family;
        rows.iter().map(move |(kind, name, form)| Credential { family, kind, name, form }).collect::<Vec<_>>()
    };
    FAMILIES.iter().flat_map(row).collect()
}

const FAMILIES: &[(&str, Rows)] = &[
    ("cloud", CLOUD),
    ("source hosting", SOURCE),
    ("AI", AI),
    ("payment and commerce", PAYMENT),
    ("chat and social", CHAT),
    ("mail and messages", MAIL),
    ("observability", OBSERVABILITY),
    ("packages and CI", PACKAGES),
    ("databases", DATABASES),
    ("other services", SERVICES),
    ("keys", KEYS),
    ("wallets", WALLETS),
];

const CLOUD: Rows = &[
    ("AWS access key id", "aws_access_key_id", "AKIA<b:16>"),
    ("AWS temporary key id", "aws_access_key_id", "ASIA<b:16>"),
    ("AWS secret access key", "aws_secret_access_key", "<s:40>"),
    ("AWS session token", "aws_session_token", "IQoJb3JpZ2luX2Vj<s:340-420>"),
    ("AWS Bedrock long-term key", "aws_bearer_token_bedrock", "ABSKQmVkcm9ja0FQSUtleS<s:89>="),
    ("Amazon MWS token", "mws_auth_token", "amzn.mws.<uuid>"),
    ("Google API key", "google_api_key", "AIza<w:35>"),
    ("Google OAuth client secret", "google_client_secret", "GOCSPX-<w:28>"),
    ("Google OAuth access token", "access_token", "ya29.<w:140-200>"),
    ("Google refresh token", "refresh_token", "1//0<d:1><w:96>"),
    (
        "Google service account",
        "credentials",
        "{\"type\":\"service_account\",\"project_id\":\"<w1>-prod\",\"private_key_id\":\"<id:40>\",\"private_key\":\"<pem PRIVATE KEY>\",\"client_email\":\"<w1>@<w1>-prod.iam.gserviceaccount.com\"}",
    ),
    ("Google Cloud HMAC key id", "hmac_access_id", "GOOG1E<u:55>"),
    (
        "Azure storage connection string",
        "storage_connection_string",
        "DefaultEndpointsProtocol=https;AccountName=<w1>;AccountKey=<bytes:64>;EndpointSuffix=core.windows.net",
    ),
    ("Azure Entra client secret", "azure_client_secret", "<w:3>8Q~<w:34>"),
    (
        "Azure shared access signature",
        "sas_token",
        "sv=2024-11-04&ss=b&srt=sco&sp=rl&se=2027-01-01T00%3A00%3A00Z&spr=https&sig=<url <bytes:32>>",
    ),
    (
        "Azure Service Bus connection string",
        "servicebus_connection",
        "Endpoint=sb://<w1>.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=<bytes:32>",
    ),
    (
        "Azure Cosmos DB connection string",
        "cosmos_connection_string",
        "AccountEndpoint=https://<w1>.documents.azure.com:443/;AccountKey=<bytes:64>;",
    ),
    ("Azure Functions key", "function_key", "<w:44>AzFu<w:6>=="),
    ("Azure AI Search key", "azure_search_key", "<a:42>AzSe<b:5>A"),
    ("DigitalOcean personal token", "digitalocean_token", "dop_v1_<x:64>"),
    ("DigitalOcean OAuth token", "digitalocean_access_token", "doo_v1_<x:64>"),
    ("DigitalOcean refresh token", "digitalocean_refresh_token", "dor_v1_<x:64>"),
    ("Alibaba Cloud key id", "alibaba_access_key_id", "LTAI5t<a:18>"),
    ("Alibaba Cloud secret", "alibaba_access_key_secret", "<a:30>"),
    ("Tencent Cloud secret id", "tencentcloud_secret_id", "AKID<a:32>"),
    ("Yandex Cloud API key", "yandex_api_key", "AQVN<w:36>"),
    ("Heroku API key", "heroku_api_key", "HRKU-AA<w:58>"),
    ("Linode token", "linode_token", "<x:64>"),
    ("Hetzner Cloud token", "hcloud_token", "<a:64>"),
    ("Scaleway secret key", "scw_secret_key", "<uuid>"),
    ("Vultr API key", "vultr_api_key", "<u:36>"),
    ("Fly.io token", "fly_api_token", "FlyV1 fm2_<s:280>"),
    ("Render API key", "render_api_key", "rnd_<a:28>"),
    ("Vercel token", "vercel_token", "<a:24>"),
    ("Netlify token", "netlify_auth_token", "nfp_<a:36>"),
    ("Cloudflare API token", "cloudflare_api_token", "<w:40>"),
    ("Cloudflare global key", "cloudflare_api_key", "<x:37>"),
    ("Cloudflare origin CA key", "cloudflare_origin_ca_key", "v1.0-<x:24>-<x:146>"),
    ("Fastly token", "fastly_api_token", "<w:32>"),
    ("IBM Cloud API key", "ibmcloud_api_key", "<w:44>"),
    ("Pulumi token", "pulumi_access_token", "pul-<x:40>"),
    ("HCP Terraform token", "tfe_token", "<a:14>.atlasv1.<a:67>"),
    ("HashiCorp Vault service token", "vault_token", "hvs.<w:95>"),
    ("HashiCorp Vault batch token", "vault_token", "hvb.<w:140>"),
    ("Doppler personal token", "doppler_token", "dp.pt.<a:43>"),
    ("Doppler service token", "doppler_token", "dp.st.prd.<a:43>"),
    ("Infisical service token", "infisical_token", "st.<id:24>.<x:32>.<x:32>"),
    (
        "1Password service account token",
        "op_service_account_token",
        "ops_<b64u {\"email\":\"<w1>@1passwordserviceaccounts.com\",\"muk\":{\"alg\":\"A256GCM\",\"k\":\"<w:43>\"},\"secretKey\":\"A3-<u:6>-<u:26>\",\"throttleSecret\":{\"seed\":\"<x:64>\"}}>",
    ),
    ("1Password secret key", "onepassword_secret_key", "A3-<u:6>-<u:6>-<u:5>-<u:5>-<u:5>-<u:5>"),
    ("Tailscale auth key", "ts_authkey", "tskey-auth-<a:12>CNTRL-<a:32>"),
    ("Tailscale API key", "tailscale_api_key", "tskey-api-<a:12>CNTRL-<a:32>"),
];

const SOURCE: Rows = &[
    ("GitHub classic token", "github_token", "ghp_<a:30><crc62:30>"),
    ("GitHub OAuth token", "access_token", "gho_<a:30><crc62:30>"),
    ("GitHub user-to-server token", "access_token", "ghu_<a:30><crc62:30>"),
    ("GitHub server-to-server token", "github_token", "ghs_<a:30><crc62:30>"),
    ("GitHub refresh token", "refresh_token", "ghr_<a:70><crc62:70>"),
    ("GitHub fine-grained token", "github_token", "github_pat_11<u:20>_<a:59>"),
    ("GitLab personal token", "gitlab_token", "glpat-<w:20>"),
    ("GitLab routable token", "gitlab_token", "glpat-<w:27>.01.<l:9>"),
    ("GitLab deploy token", "deploy_token", "gldt-<w:20>"),
    ("GitLab runner token", "runner_token", "glrt-<w:20>"),
    ("GitLab trigger token", "trigger_token", "glptt-<x:40>"),
    ("GitLab feed token", "feed_token", "glft-<w:20>"),
    ("GitLab agent token", "agent_token", "glagent-<w:50>"),
    ("GitLab OAuth secret", "gitlab_client_secret", "gloas-<x:64>"),
    ("GitLab CI job token", "ci_job_token", "glcbt-64_<w:20>"),
    ("GitLab runner registration token", "registration_token", "GR1348941<w:20>"),
    ("Bitbucket app password", "bitbucket_app_password", "ATBB<a:24><X:8>"),
    ("Atlassian API token", "atlassian_api_token", "ATATT3xFfGF0<w:171>=<X:8>"),
    ("Bitbucket access token", "bitbucket_access_token", "ATCTT3xFfGN0<w:171>=<X:8>"),
    ("Gitea token", "gitea_token", "<x:40>"),
    ("Sourcegraph token", "src_access_token", "sgp_<x:16>_<x:40>"),
    ("Azure DevOps token", "azure_devops_pat", "<a:76>AZDO<a:4>"),
];

const AI: Rows = &[
    ("OpenAI legacy key", "openai_api_key", "sk-<a:20>T3BlbkFJ<a:20>"),
    ("OpenAI project key", "openai_api_key", "sk-proj-<w:74>T3BlbkFJ<w:74>"),
    ("OpenAI service account key", "openai_api_key", "sk-svcacct-<w:74>T3BlbkFJ<w:74>"),
    ("OpenAI admin key", "openai_admin_key", "sk-admin-<w:58>T3BlbkFJ<w:58>"),
    ("Anthropic API key", "anthropic_api_key", "sk-ant-api03-<w:93>AA"),
    ("Anthropic admin key", "anthropic_admin_key", "sk-ant-admin01-<w:93>AA"),
    ("Anthropic OAuth token", "claude_code_oauth_token", "sk-ant-oat01-<w:93>AA"),
    ("Hugging Face token", "hf_token", "hf_<L:34>"),
    ("Cohere key", "cohere_api_key", "<a:40>"),
    ("Mistral key", "mistral_api_key", "<a:32>"),
    ("Groq key", "groq_api_key", "gsk_<a:52>"),
    ("Replicate token", "replicate_api_token", "r8_<a:37>"),
    ("Perplexity key", "perplexity_api_key", "pplx-<a:48>"),
    ("xAI key", "xai_api_key", "xai-<a:80>"),
    ("DeepSeek key", "deepseek_api_key", "sk-<x:32>"),
    ("OpenRouter key", "openrouter_api_key", "sk-or-v1-<x:64>"),
    ("Together AI key", "together_api_key", "tgp_v1_<w:43>"),
    ("Fireworks key", "fireworks_api_key", "fw_<a:22>"),
    ("ElevenLabs key", "elevenlabs_api_key", "sk_<x:48>"),
    ("LangSmith key", "langsmith_api_key", "lsv2_pt_<x:32>_<x:10>"),
    ("Langfuse secret key", "langfuse_secret_key", "sk-lf-<uuid>"),
    ("Pinecone key", "pinecone_api_key", "pcsk_<a:5>_<a:63>"),
    ("Weights and Biases key", "wandb_api_key", "<x:40>"),
    ("NVIDIA key", "nvidia_api_key", "nvapi-<w:64>"),
    ("Cerebras key", "cerebras_api_key", "csk-<l:48>"),
    ("Voyage AI key", "voyage_api_key", "pa-<w:43>"),
    ("Tavily key", "tavily_api_key", "tvly-dev-<a:32>"),
    ("Jina AI key", "jina_api_key", "jina_<x:32><w:28>"),
    ("Firecrawl key", "firecrawl_api_key", "fc-<x:32>"),
    ("Deepgram key", "deepgram_api_key", "<x:40>"),
    ("AssemblyAI key", "assemblyai_api_key", "<x:32>"),
];

const PAYMENT: Rows = &[
    ("Stripe secret key", "stripe_secret_key", "sk_live_51<a:97>"),
    ("Stripe short secret key", "stripe_secret_key", "sk_live_<a:24>"),
    ("Stripe restricted key", "stripe_key", "rk_live_51<a:97>"),
    ("Stripe test key", "stripe_secret_key", "sk_test_51<a:97>"),
    ("Stripe webhook secret", "webhook_secret", "whsec_<a:32>"),
    ("Braintree access token", "braintree_access_token", "access_token$production$<l:16>$<x:32>"),
    ("PayPal client secret", "paypal_client_secret", "E<w:79>"),
    ("Square access token", "square_access_token", "EAAA<w:60>"),
    ("Square OAuth secret", "square_application_secret", "sq0csp-<w:43>"),
    ("Square personal token", "square_token", "sq0atp-<w:22>"),
    ("Adyen API key", "adyen_api_key", "AQE<a:5>hmfuXNWTK0Qc+iSS3<s:50>-<s:43>=-<a:16>"),
    ("Razorpay key id", "razorpay_key_id", "rzp_live_<a:14>"),
    ("Razorpay key secret", "razorpay_key_secret", "<a:24>"),
    ("Plaid access token", "plaid_access_token", "access-production-<uuid>"),
    ("Plaid secret", "plaid_secret", "<x:30>"),
    ("GoCardless token", "gocardless_access_token", "live_<w:40>"),
    ("Mollie key", "mollie_api_key", "live_<a:30>"),
    ("Paystack secret key", "paystack_secret_key", "sk_live_<x:40>"),
    ("Flutterwave secret key", "flutterwave_secret_key", "FLWSECK-<x:32>-X"),
    ("Mercado Pago token", "mercadopago_access_token", "APP_USR-<d:16>-<d:6>-<x:32>-<d:9>"),
    ("Paddle API key", "paddle_api_key", "pdl_live_apikey_01<l:24>_<a:22>_<a:3>"),
    ("Polar token", "polar_access_token", "polar_oat_<a:43>"),
    ("Coinbase Commerce key", "coinbase_commerce_api_key", "<uuid>"),
    ("Xendit key", "xendit_api_key", "xnd_production_<a:55>"),
    ("Shippo token", "shippo_api_token", "shippo_live_<x:40>"),
    ("EasyPost key", "easypost_api_key", "EZAK<x:32><a:22>"),
    ("Duffel token", "duffel_access_token", "duffel_live_<w:43>"),
    ("Shopify app token", "shopify_access_token", "shpat_<x:32>"),
    ("Shopify custom app token", "shopify_access_token", "shpca_<x:32>"),
    ("Shopify private app password", "shopify_password", "shppa_<x:32>"),
    ("Shopify shared secret", "shopify_api_secret", "shpss_<x:32>"),
    ("Lob key", "lob_api_key", "live_<x:35>"),
];

const CHAT: Rows = &[
    ("Slack bot token", "slack_bot_token", "xoxb-<d:12>-<d:13>-<a:24>"),
    ("Slack user token", "slack_user_token", "xoxp-<d:12>-<d:12>-<d:13>-<x:32>"),
    ("Slack app token", "slack_app_token", "xapp-1-A<u:10>-<d:13>-<x:64>"),
    ("Slack rotating token", "slack_access_token", "xoxe.xoxp-1-<a:162>"),
    ("Slack refresh token", "slack_refresh_token", "xoxe-1-<a:146>"),
    ("Slack webhook", "slack_webhook_url", "https://hooks.slack.com/services/T<u:10>/B<u:10>/<a:24>"),
    ("Discord bot token", "discord_token", "<b64u 1<d:17>>.<w:6>.<w:38>"),
    ("Discord webhook", "discord_webhook_url", "https://discord.com/api/webhooks/<d:19>/<w:68>"),
    ("Telegram bot token", "telegram_bot_token", "<num:1000000000-7999999999>:AA<w:33>"),
    (
        "Microsoft Teams webhook",
        "teams_webhook_url",
        "https://<w1>.webhook.office.com/webhookb2/<uuid>@<uuid>/IncomingWebhook/<x:32>/<uuid>",
    ),
    ("Mattermost token", "mattermost_token", "<l:26>"),
    ("Twitch OAuth token", "twitch_oauth_token", "oauth:<l:30>"),
    ("Facebook access token", "facebook_access_token", "EAA<a:180>"),
    ("Facebook app secret", "facebook_app_secret", "<x:32>"),
    ("X bearer token", "twitter_bearer_token", "AAAAAAAAAAAAAAAAAAAAA<a:9>AAAAAAA%2F<a:60>"),
    ("LinkedIn client secret", "linkedin_client_secret", "WPL_AP1.<a:16>.<s:6>=="),
    ("Intercom token", "intercom_access_token", "<b64 tok:<id:8>_<x:4>_<x:4>_<x:4>_<x:12>:1:0>"),
    ("LINE channel token", "line_channel_access_token", "<s:168>/1O/w1cDnyilFU="),
    ("Zendesk token", "zendesk_api_token", "<a:40>"),
];

const MAIL: Rows = &[
    ("SendGrid key", "sendgrid_api_key", "SG.<w:22>.<w:43>"),
    ("Mailgun key", "mailgun_api_key", "key-<x:32>"),
    ("Mailgun new key", "mailgun_api_key", "<x:32>-<x:8>-<x:8>"),
    ("Mailchimp key", "mailchimp_api_key", "<x:32>-us<num:1-21>"),
    ("Mandrill key", "mandrill_api_key", "md-<w:22>"),
    ("Postmark server token", "postmark_server_token", "<uuid>"),
    ("Brevo API key", "brevo_api_key", "xkeysib-<x:64>-<a:16>"),
    ("Brevo SMTP key", "brevo_smtp_key", "xsmtpsib-<x:64>-<a:16>"),
    ("Resend key", "resend_api_key", "re_<a:8>_<a:24>"),
    ("MailerSend token", "mailersend_api_token", "mlsn.<x:64>"),
    ("SparkPost key", "sparkpost_api_key", "<x:40>"),
    ("Klaviyo private key", "klaviyo_private_key", "pk_<x:34>"),
    ("Twilio API key", "twilio_api_key_sid", "SK<x:32>"),
    ("Twilio auth token", "twilio_auth_token", "<x:32>"),
    ("Vonage API secret", "vonage_api_secret", "<a:16>"),
    ("MessageBird key", "messagebird_access_key", "<a:25>"),
    ("Courier key", "courier_auth_token", "pk_prod_<u:28>"),
    ("Loops key", "loops_api_key", "<x:32>"),
    ("Plivo auth token", "plivo_auth_token", "<s:40>"),
];

const OBSERVABILITY: Rows = &[
    ("Datadog API key", "dd_api_key", "<x:32>"),
    ("Datadog application key", "dd_application_key", "<x:40>"),
    ("New Relic user key", "new_relic_api_key", "NRAK-<u:27>"),
    ("New Relic license key", "new_relic_license_key", "<x:36>NRAL"),
    ("New Relic insert key", "new_relic_insert_key", "NRII-<w:32>"),
    (
        "Sentry organisation token",
        "sentry_auth_token",
        "sntrys_<b64 {\"iat\":<epoch>.5,\"url\":\"https://sentry.io\",\"region_url\":\"https://us.sentry.io\",\"org\":\"<w1>\"}>_<s:43>",
    ),
    ("Sentry user token", "sentry_auth_token", "sntryu_<x:64>"),
    ("Grafana service account token", "grafana_token", "glsa_<a:32>_<x:8>"),
    (
        "Grafana Cloud token",
        "grafana_cloud_token",
        "glc_<b64 {\"o\":\"<d:6>\",\"n\":\"<w1>\",\"k\":\"<a:24>\",\"m\":{\"r\":\"us\"}}>",
    ),
    ("Honeycomb ingest key", "honeycomb_api_key", "hcaik_01<l:56>"),
    ("PagerDuty key", "pagerduty_api_key", "u+<w:18>"),
    ("Dynatrace token", "dynatrace_api_token", "dt0c01.<b:24>.<b:64>"),
    ("PostHog personal key", "posthog_personal_api_key", "phx_<a:43>"),
    ("Rollbar token", "rollbar_access_token", "<x:32>"),
    ("LaunchDarkly SDK key", "launchdarkly_sdk_key", "sdk-<uuid>"),
    ("LaunchDarkly API token", "launchdarkly_api_token", "api-<uuid>"),
    ("Statsig server key", "statsig_secret_key", "secret-<a:43>"),
    ("Axiom token", "axiom_token", "xaat-<uuid>"),
    ("Segment public API token", "segment_token", "sgp_<a:64>"),
    ("Opsgenie key", "opsgenie_api_key", "<uuid>"),
    ("Splunk HEC token", "splunk_hec_token", "<uuid>"),
];

const PACKAGES: Rows = &[
    ("npm token", "npm_token", "npm_<a:30><crc62:30>"),
    ("PyPI token", "pypi_token", "pypi-<pypi>"),
    ("RubyGems key", "rubygems_api_key", "rubygems_<x:48>"),
    ("crates.io token", "cargo_registry_token", "cio<a:32>"),
    ("NuGet key", "nuget_api_key", "oy2<l:43>"),
    ("Docker Hub token", "dockerhub_token", "dckr_pat_<w:27>"),
    ("Docker organisation token", "dockerhub_token", "dckr_oat_<w:32>"),
    ("Clojars token", "clojars_token", "CLOJARS_<x:60>"),
    ("JFrog API key", "artifactory_api_key", "AKCp<a:69>"),
    ("JFrog reference token", "jfrog_access_token", "cmVmdGtu<a:56>"),
    ("CircleCI token", "circleci_token", "CCIPAT_<B:22>_<x:40>"),
    ("Buildkite token", "buildkite_api_token", "bkua_<x:40>"),
    ("SonarQube user token", "sonar_token", "squ_<x:40>"),
    ("SonarQube project token", "sonar_token", "sqp_<x:40>"),
    ("Snyk token", "snyk_token", "<uuid>"),
    ("Postman key", "postman_api_key", "PMAK-<x:24>-<x:34>"),
    ("Harness token", "harness_api_key", "pat.<w:22>.<x:24>.<a:20>"),
    ("Octopus Deploy key", "octopus_api_key", "API-<u:32>"),
    ("Jenkins API token", "jenkins_api_token", "11<x:32>"),
    ("Prefect token", "prefect_api_key", "pnu_<a:36>"),
    ("Travis CI token", "travis_token", "<w:22>"),
];

const DATABASES: Rows = &[
    ("PostgreSQL URI", "database_url", "postgres://<w1>:<a:20>@<host>:5432/<w1>"),
    ("MySQL URI", "database_url", "mysql://<w1>:<a:20>@<host>:3306/<w1>"),
    ("MongoDB URI", "mongodb_uri", "mongodb+srv://<w1>:<a:20>@<w1>.<id:5>.mongodb.net/<w1>?retryWrites=true"),
    ("Redis URI", "redis_url", "rediss://default:<a:32>@<host>:6379"),
    ("AMQP URI", "amqp_url", "amqps://<w1>:<a:32>@<host>/<w1>"),
    (
        "SQL Server connection string",
        "connection_string",
        "Server=tcp:<host>,1433;Initial Catalog=<w1>;User ID=<w1>;Password=<a:20>;Encrypt=True;",
    ),
    ("JDBC URL with a password", "jdbc_url", "jdbc:postgresql://<host>:5432/<w1>?user=<w1>&password=<a:20>"),
    ("Database password", "db_password", "<w:24>"),
    ("PlanetScale password", "planetscale_password", "pscale_pw_<w:43>"),
    ("PlanetScale token", "planetscale_service_token", "pscale_tkn_<w:43>"),
    ("Neon key", "neon_api_key", "napi_<l:64>"),
    ("Supabase token", "supabase_access_token", "sbp_<x:40>"),
    ("Supabase secret key", "supabase_secret_key", "sb_secret_<w:22>_<w:8>"),
    ("Databricks token", "databricks_token", "dapi<x:32>"),
    ("CockroachDB key", "cockroach_api_key", "CCDB1_<a:22>_<a:40>"),
    ("Aiven password", "aiven_password", "AVNS_<w:19>"),
    ("Airtable token", "airtable_api_key", "pat<a:14>.<x:64>"),
    ("Algolia admin key", "algolia_admin_api_key", "<x:32>"),
    ("Confluent Cloud secret", "confluent_api_secret", "<s:64>"),
    ("ClickHouse Cloud secret", "clickhouse_key_secret", "4b1d<a:38>"),
];

const SERVICES: Rows = &[
    ("Notion token", "notion_token", "ntn_<d:11><a:35>"),
    ("Notion old token", "notion_token", "secret_<a:43>"),
    ("Linear key", "linear_api_key", "lin_api_<a:40>"),
    ("Asana token", "asana_access_token", "2/<d:16>/<d:16>:<x:32>"),
    ("Figma token", "figma_token", "figd_<w:40>"),
    ("HubSpot token", "hubspot_access_token", "pat-na1-<uuid>"),
    ("Salesforce session id", "salesforce_access_token", "00D<a:12>!AQ<w:94>"),
    ("Okta token", "okta_api_token", "00<w:40>"),
    ("Auth0 client secret", "auth0_client_secret", "<w:64>"),
    ("Clerk secret key", "clerk_secret_key", "sk_live_<a:40>"),
    ("Dropbox token", "dropbox_access_token", "sl.<w:136>"),
    ("Mapbox secret token", "mapbox_access_token", "sk.<b64u {\"u\":\"<w1>\",\"a\":\"c<l:24>\"}>.<w:22>"),
    ("Typeform token", "typeform_token", "tfp_<a:44>_<a:14>"),
    ("ClickUp token", "clickup_api_token", "pk_<d:8>_<u:32>"),
    ("Contentful management token", "contentful_management_token", "CFPAT-<w:43>"),
    ("Sanity token", "sanity_token", "sk<a:178>"),
    ("ReadMe key", "readme_api_key", "rdme_<l:70>"),
    ("Frame.io token", "frameio_token", "fio-u-<w:64>"),
    ("Adobe client secret", "adobe_client_secret", "p8e-<w:32>"),
    ("MaxMind license key", "maxmind_license_key", "<a:6>_<a:29>_mmk"),
    ("Scalingo token", "scalingo_api_token", "tk-us-<w:48>"),
    ("Defined Networking key", "defined_api_key", "dnkey-<u:26>-<u:52>"),
    ("ngrok authtoken", "ngrok_authtoken", "2<a:26>_<a:22>"),
    ("Canva client secret", "canva_client_secret", "cnvca<w:51>"),
    ("Ably key", "ably_api_key", "<a:6>.<a:6>:<w:43>"),
    ("Apify token", "apify_token", "apify_api_<a:36>"),
    ("Zapier webhook", "webhook_url", "https://hooks.zapier.com/hooks/catch/<d:8>/<l:7>/"),
    ("Pusher secret", "pusher_app_secret", "<x:20>"),
    ("TOTP seed", "otpauth_url", "otpauth://totp/<w1>:<mail>?secret=<b:32>&issuer=<w1>"),
];

const KEYS: Rows = &[
    ("RSA private key", "private_key", "<pem RSA PRIVATE KEY>"),
    ("EC private key", "private_key", "<pem EC PRIVATE KEY>"),
    ("PKCS #8 private key", "private_key", "<pem PRIVATE KEY>"),
    ("Encrypted private key", "private_key", "<pem ENCRYPTED PRIVATE KEY>"),
    ("OpenSSH private key", "ssh_key", "<pem OPENSSH PRIVATE KEY>"),
    ("PGP private key", "pgp_key", "<pem PGP PRIVATE KEY BLOCK>"),
    (
        "PuTTY private key",
        "ppk",
        "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: <w1>\nPublic-Lines: 1\n<id:64>\nPrivate-Lines: 1\n<s:48>\nPrivate-MAC: <x:64>\n",
    ),
    ("age identity", "age_key", "AGE-SECRET-KEY-1<k:58>"),
    (
        "JWK private key",
        "jwk",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"<w:43>\",\"y\":\"<w:43>\",\"d\":\"<w:43>\",\"kid\":\"<uuid>\"}",
    ),
    ("JWK symmetric key", "jwk", "{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"<w:43>\",\"kid\":\"<uuid>\"}"),
    ("WireGuard private key", "wireguard_private_key", "<bytes:32>"),
    ("VAPID private key", "vapid_private_key", "<w:43>"),
    ("Encryption key", "encryption_key", "<bytes:32>"),
    ("Laravel APP_KEY", "app_key", "base64:<bytes:32>"),
    ("Rails master key", "rails_master_key", "<x:32>"),
    ("JWT signing secret", "jwt_secret", "<w:64>"),
    (
        "Docker registry login",
        "dockerconfigjson",
        "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"<b64 <w1>:<a:24>>\"}}}",
    ),
    (
        "kubeconfig with a client key",
        "kubeconfig",
        "apiVersion: v1\nkind: Config\nusers:\n- name: <w1>\n  user:\n    client-key-data: <b64 <pem EC PRIVATE KEY>>\n",
    ),
    (".netrc line", "netrc", "machine <host> login <w1> password <a:24>"),
    ("PGP passphrase", "gpg_passphrase", "<w:28>"),
];

const WALLETS: Rows = &[
    ("Bitcoin private key (WIF)", "bitcoin_private_key", "<wif>"),
    ("BIP 32 extended private key", "xprv", "<xprv>"),
    ("Ethereum private key", "eth_private_key", "0x<x:64>"),
    ("Infura project secret", "infura_project_secret", "<x:32>"),
    ("Alchemy key", "alchemy_api_key", "<w:32>"),
    ("Etherscan key", "etherscan_api_key", "<u:34>"),
    ("Coinbase API secret", "coinbase_api_secret", "<bytes:64>"),
    ("Binance secret key", "binance_secret_key", "<a:64>"),
];
