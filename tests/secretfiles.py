"""Files with secrets in them, and files that only look so; made up, put together here.

No value is real, and none stands here in one piece: whoever looks through sources for
tokens finds none.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

PASSWORD = "hunter" + "2x7Q"
OTHER = "tr0ub4" + "dor-93"
BODY = "\n".join(["QkFEUk9VVEVzZWNyZXRub25z" + "ZW5zZQ0K1234567890ab"] * 4)
TOKEN = "".join(["aZ3q", "B9xT"] * 5)
HEX = "".join(["3f9c", "a17b"] * 4)


def pem(kind: str, body: str = BODY, *, head: str = "") -> str:
    """A key, or a certificate, of this kind."""
    words = f"{kind} ".lstrip() + ("PRIVATE" + " KEY") if "CERT" not in kind else kind
    if kind.startswith("PUBLIC"):
        words = kind
    return f"-----BEGIN {words}-----\n{head}{body}\n-----END {words}-----\n"


def openssh(cipher: bytes) -> str:
    """A key of OpenSSH, open or locked."""
    raw = b"openssh-key-v1\0" + len(cipher).to_bytes(4, "big") + cipher + 90 * b"k"
    return pem("OPENSSH", base64.b64encode(raw).decode())


def account(kind: str) -> str:
    """The key file of a service of Google's."""
    key = pem("").replace("\n", "\\n")
    return f'{{\n  "type": "{kind}",\n  "private_key": "{key}"\n}}\n'


# What it is -> the files, each another spelling or another place.
PLANTED: Mapping[str, Mapping[str, str | bytes]] = {
    "keys as PEM": {
        "deploy_key": pem("RSA"),
        "certs/server.key": pem("EC"),
        "conf/www.example.org": pem(""),
    },
    "keys with a passphrase": {
        "jwt/private.pem": pem("ENCRYPTED"),
        "conf/old.pem": pem(
            "RSA", head="Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0F1E2D3C\n\n"
        ),
        "lap.ppk": "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: aes256-cbc\n"
        f"Private-Lines: 1\n{BODY}\n",
    },
    "keys of OpenSSH": {
        "keys/github_ed25519": openssh(b"none"),
        "bastion": openssh(b"none"),
    },
    "keys of Apple": {"AuthKey_7K2M9QX1.p8": pem(""), "ios/dist.p8": pem("")},
    "keys of PuTTY": {
        "laptop.ppk": "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n"
        f"Private-Lines: 1\n{BODY}\n",
    },
    "keys of age": {"sops/keys.txt": "# x\nAGE-SECRET-KEY-1" + 58 * "Q" + "\n"},
    "keys of PGP": {
        "release.asc": pem("PGP").replace("PRIVATE" + " KEY", "PRIVATE" + " KEY BLOCK"),
    },
    "keys as DER": {"signing.pk8": b"\x30\x82\x04\xbd\x02\x01\x00\x30" + 99 * b"k"},
    "keys of WireGuard": {
        "vpn/wg0.conf": f"[Interface]\nPrivateKey = {43 * 'w'}=\n",
        "vpn/office.ovpn": f"client\n<key>\n{pem('')}</key>\n",
    },
    "stores of keys": {
        "upload.jks": b"\xfe\xed\xfe\xed\0\0\0\x02" + 99 * b"k",
        "client.p12": b"\x30\x82\x0a\x01\x02\x01\x03\x30" + 99 * b"k",
        "iis.pfx": b"\x30\x82\x0a\x01\x02\x01\x03\x30" + 99 * b"k",
        "team.kdbx": b"\x03\xd9\xa2\x9a" + 99 * b"k",
    },
    "keys of services": {
        "shop-prod-4f3a1b2c.json": account("service_account"),
        "ci/gcp.json": account("service_account"),
    },
    "logins of clouds": {
        ".aws/credentials": f"[default]\naws_secret_access_key = {PASSWORD}\n",
        ".s3cfg": f"[default]\nsecret_key = {PASSWORD}\n",
        "o/clouds.yaml": f"clouds:\n  a:\n    auth:\n      password: {PASSWORD}\n",
        "shop.PublishSettings": f'<publishProfile userName="s" userPWD="{PASSWORD}" />',
        "az/deploy.json": '{"appId": "a", "tenant": "t", "password": "'
        + PASSWORD
        + '"}\n',
        "kaggle.json": f'{{"username": "me", "key": "{HEX[:32]}"}}\n',
        "traefik/acme.json": f'{{"Account": {{"PrivateKey": "{TOKEN}{TOKEN}"}}}}\n',
        "rclone.conf": f"[r]\ntype = s3\nsecret_access_key = {PASSWORD}\n",
    },
    "logins of hosts of code": {
        "home/gh/hosts.yml": f"github.com:\n    oauth_token: {PASSWORD}\n",
        ".git-credentials": f"https://me:{PASSWORD}@git.example.org\n",
    },
    "logins of image registries": {
        "ci/.dockercfg": f'{{"r.example.org": {{"auth": "{TOKEN}"}}}}',
        "docker/config.json": f'{{"auths": {{"r.example": {{"auth": "{TOKEN}"}}}}}}',
    },
    "logins of clusters": {
        "kubeconfig": "apiVersion: v1\nclusters: []\nusers:\n- name: a\n  user:\n"
        f"    client-key-data: {TOKEN}\n",
        "deploy/staging.yaml": "kind: Config\nclusters: []\nusers:\n- name: a\n"
        f"  user:\n    token: {TOKEN}\n",
    },
    "secrets of clusters": {
        "k8s/db.yaml": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n"
        f"stringData:\n  password: {PASSWORD}\n",
    },
    "settings of Node": {
        "web/.npmrc": f"//npm.example.org/:_authToken={TOKEN}\n",
        "lib/.yarnrc.yml": f'npmAuthToken: "{TOKEN}"\n',
    },
    "settings of Python packages": {
        "pip.conf": f"[global]\nextra-index-url = https://me:{PASSWORD}@p.example.org/s\n",
        ".pypirc": f"[pypi]\nusername = __token__\npassword = {PASSWORD}\n",
    },
    "settings of .NET and Java packages": {
        "src/nuget.config": '<add key="ClearTextPassword" value="'
        + PASSWORD
        + '" />\n',
        "m2/settings-security.xml": "<master>{" + TOKEN + "=}</master>\n",
        "ci/settings.xml": f"<server>\n  <password>{PASSWORD}</password>\n</server>\n",
        "gradle.properties": f"artifactoryPassword={PASSWORD}\n",
    },
    "logins of registries": {
        ".netrc": f"machine example.org\n  login me\n  password {PASSWORD}\n",
        ".cargo/credentials.toml": f'[registry]\ntoken = "{TOKEN}"\n',
        "php/auth.json": '{"http-basic": {"r.example.org": {"username": "me", '
        f'"password": "{PASSWORD}"}}}}\n',
        "gems/.gem/credentials": f"---\n:rubygems_api_key: {TOKEN}\n",
    },
    "environment files": {
        ".env": f"DB_PASSWORD={PASSWORD}\n",
        ".env.qa": f"export API_TOKEN='{PASSWORD}'\n",
        "config/docker.env": f"REDIS_URL=redis://me:{PASSWORD}@redis:6379/0\n",
        ".envrc": f"layout python\nexport SECRET_KEY={PASSWORD}\n",
        "deploy/env.production": f"DB_PASSWORD={PASSWORD}\n",
        ".envs/.production/.django": f"# of x\n\nDJANGO_SECRET_KEY={PASSWORD}\n",
        "cloud/openrc.sh": f"export OS_PASSWORD={PASSWORD}\n",
        "worker/.dev.vars": f'STRIPE_API_KEY = "{PASSWORD}"\n',
    },
    "Terraform": {
        "infra/prod.tfvars": f'db_password = "{PASSWORD}"\n',
        "infra/made.tfstate": '{"type": "random_password", "result": "'
        + PASSWORD
        + '"}',
        "infra/terraform.tfstate": '{"resources": [{"password": "' + PASSWORD + '"}]}',
    },
    "Rails": {
        "config/master.key": HEX,
        "config/credentials/production.key": HEX,
    },
    "Ansible": {
        "ansible/.vault_pass": f"{PASSWORD}\n",
        "ansible/prod-vault-pass.txt": f"{PASSWORD}\n",
    },
    "Jenkins": {
        "jenkins/credentials.xml": "<password>{AQAAABAAAAAQ" + TOKEN + "}</password>\n",
        "jenkins/secrets/hudson.util.Secret": 64 * b"\x93",
    },
    "signing of Android": {
        "android/key.properties": f"storePassword={PASSWORD}\nkeyAlias=upload\n",
    },
    "secrets of compose": {
        "secrets/db_password.txt": f"{PASSWORD}\n",
        "deploy/db-password": f"{PASSWORD}\n",
        "deploy/api_token": f"{TOKEN}\n",
    },
    "secrets of an app": {
        "config/secrets.yml": f"production:\n  secret_key_base: {PASSWORD}\n",
        ".streamlit/secrets.toml": f'[db]\npassword = "{PASSWORD}"\n',
        "local.settings.json": '{"Values": {"AccountKey": "' + PASSWORD + '"}}\n',
    },
    "settings of an app": {
        "blog/wp-config.php": f"<?php\ndefine( 'DB_PASSWORD', '{PASSWORD}' );\n",
        "iis/Web.config": '<add name="Db" connectionString="Server=db;User Id=sa;'
        f'Password={PASSWORD};" />\n',
        "mysql/my.cnf": f"[client]\npassword={PASSWORD}\n",
        "api/appsettings.Development.json": '{"ConnectionStrings": {"Db": '
        f'"Server=db;User=sa;Password={PASSWORD}"}}}}\n',
    },
    "users of a web server": {"nginx/.htpasswd": "me:$apr1$" + "abcdefgh$" + TOKEN},
    "logins of databases": {
        ".pgpass": f"db:5432:*:me:{PASSWORD}\n",
        "pg_service.conf": f"[shop]\nuser=me\npassword={PASSWORD}\n",
        ".my.cnf": f"[client]\nuser = me\npassword = {PASSWORD}\n",
    },
    "browsers": {
        "profile/key4.db": b"SQLite format 3\0" + 99 * b"k",
        "profile/logins.json": '{"logins": [{"encryptedPassword": "MDoE"}]}\n',
    },
    "exports of passwords": {
        "passwords.csv": f"name,url,username,password\na,b,me,{PASSWORD}\n",
    },
    "wallets": {"wallet.dat": b"\x00\x05\x31\x62" + 99 * b"k"},
    "tokens of services": {
        "bot/config.json": '{"token": "' + "xox" + "b-" + TOKEN + '"}\n',
        "ci/gh.ini": "[gh]\nuse = " + "gh" + "p_" + TOKEN + "\n",
    },
}

SEALED = (
    "password: ENC[AES256_GCM,data:abc,iv:def,tag:ghi,type:str]\nsops:\n  age: []\n"
)

LOOK_ALIKES: Mapping[str, str | bytes] = {
    # public halves, and what has no key
    "deploy_key.pub": f"ssh-ed25519 {TOKEN} me@host\n",
    "keys/authorized_keys": f"ssh-ed25519 {TOKEN} me@host\n",
    "keys/known_hosts": f"example.org ssh-ed25519 {TOKEN}\n",
    "jwt/public.key": pem("PUBLIC" + " KEY"),
    "jwt/jwks.json": '{"keys": [{"kty": "RSA", "n": "' + TOKEN + '", "e": "AQAB"}]}\n',
    "certs/ca-bundle.pem": pem("CERTIFICATE") + pem("CERTIFICATE"),
    "certs/server.crt": pem("CERTIFICATE"),
    "certs/chain.cer": b"\x30\x82\x03\x01\x30\x82" + 99 * b"c",
    "certs/request.csr": pem("CERTIFICATE REQUEST"),
    "certs/dhparam.pem": f"-----BEGIN DH PARAMETERS-----\n{BODY}\n",
    "certs/truststore.jks": b"\xfe\xed\xfe\xed\0\0\0\x02" + 99 * b"k",
    "android/debug.keystore": b"\xfe\xed\xfe\xed\0\0\0\x02" + 99 * b"k",
    "gpg/maintainer.asc": f"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{BODY}\n",
    "license.key": f"{TOKEN}-{TOKEN}\n",
    "vpn/client.conf": "[Interface]\nPrivateKey = ${WG_KEY}\n",
    # samples
    ".env.example": f"DB_PASSWORD={PASSWORD}\n",
    ".env.sample": "API_TOKEN=change-me\n",
    "web/.env.template": f"API_TOKEN={PASSWORD}\n",
    "web/.env.dist": "SECRET=\n",
    "web/.env.schema": "SECRET=string\n",
    "docker/example.env": f"API_TOKEN={PASSWORD}\n",
    "docker/default.env": f"API_TOKEN={PASSWORD}\n",
    "infra/terraform.tfvars.example": f'db_password = "{PASSWORD}"\n',
    "config/secrets.example.yml": f"secret_key_base: {PASSWORD}\n",
    "config/database.sample.yml": f"password: {PASSWORD}\n",
    "api/credentials.template.json": f'{{"password": "{PASSWORD}"}}\n',
    # encrypted
    "config/credentials.yml.enc": "ZmFrZQ==--ZmFrZQ==--ZmFrZQ==\n",
    "deploy/secrets.sops.yaml": SEALED,
    "deploy/secrets.yaml": SEALED,
    "deploy/values.enc.env": f"TOKEN={TOKEN}\n",
    "k8s/sealed.yaml": "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec:\n"
    f"  encryptedData:\n    password: {TOKEN}\n",
    "ansible/vault.yml": "$ANSIBLE_VAULT;1.1;AES256\n" + HEX,
    "backup.tar.age": "age-encryption.org/v1\n" + TOKEN,
    # values that are somewhere else, or none
    "prod.env": "DB_PASSWORD=${DB_PASSWORD}\nAPI_TOKEN=\n",
    "stage.env": "DB_PASSWORD=changeme\nSECRET_KEY=xxxxxxxx\nTOKEN=<token>\n",
    "plain.env": "PORT=8080\nLOG_LEVEL=debug\nTOKEN_TTL=3600\n",
    "your.env": "API_KEY=your-api-key-here\nPASSWORD=password\n",
    "direnv/.envrc": "layout python\n",
    "nix/.envrc": "use flake\nwatch_file flake.nix\n",
    "web/.yarnrc.yml": "nodeLinker: node-modules\nnpmAuthToken: ${NPM_TOKEN}\n",
    "app/.npmrc": "//npm.example.org/:_authToken=${NPM_TOKEN}\n",
    "lib/.npmrc": "registry=https://npm.example.org/\nsave-exact=true\n",
    "docker/pip.conf": "[global]\nindex-url = https://pypi.example.org/simple\n",
    "api/nuget.config": '<add key="ClearTextPassword" value="%NUGET_PASSWORD%" />\n',
    "java/settings.xml": "<server><password>${env.TOKEN}</password></server>\n",
    "java/gradle.properties": "org.gradle.jvmargs=-Xmx2g\nsigning.keyId=\n",
    "infra/dev.tfvars": 'region = "eu-central-1"\nsecret_name = "db"\n',
    "infra/empty.tfstate": '{"version": 4, "resources": []}\n',
    "k8s/service.yaml": "kind: Service\nspec:\n  ports: []\n",
    "k8s/external.yaml": "kind: ExternalSecret\nspec:\n  secretStoreRef: {}\n",
    "k8s/deployment.yaml": "kind: Deployment\nenv:\n- name: DB_PASSWORD\n"
    "  valueFrom:\n    secretKeyRef:\n      name: db\n      key: password\n",
    "docker/daemon.json": '{"registry-mirrors": ["https://r.example.org"]}\n',
    "late.env": "TOKEN=NOT_SET\nAPI_KEY=fill-me\nSECRET=not-configured\n",
    "conf/flags": "DEBUG=1\nSECRET_NAME=shop/db\nTOKEN=${TOKEN}\n",
    "bin/start": f"#!/bin/sh\nset -eu\nPASSWORD={PASSWORD}\nexec app\n",
    "iis/web.config": '<add name="Db" connectionString="Server=.;Trusted=True" />\n',
    "iis/App.config": '<assemblyIdentity publicKeyToken="b03f5f7f11d50a3a" />\n',
    "infra/cluster.json": '{"clientId": "a", "tenantId": "t", "clientSecret": "${S}"}',
    "o/clouds.yml": "clouds:\n  a:\n    auth:\n      password: ${OS_PASSWORD}\n",
    "ci/credentials.xml": "<password>{{ vault_password }}</password>\n",
    "config/password": "# one line for each rule\nmin 12\nmax 64\n",
    # texts and sources
    "res/messages_de.properties": "login.password=Passwort12\n",
    "public/locales/de/auth.json": '{"login": "Anmelden", "password": "Passwort1"}\n',
    "src/i18n/credentials.json": '{"password": "Wachtwoord123", "token": "Token 1a"}\n',
    "src/secrets/index.json": '{"name": "secrets", "exports": {}}\n',
    "src/data/credentials.json": '{"fields": [{"id": "password", "label": "S"}]}\n',
    "src/auth.json": '{"routes": {"login": "/login", "token": "/oauth/token"}}\n',
    "docs/ssh": "Begin with\n-----BEGIN OPENSSH PRIVATE KEY-----\nand so on.\n",
    "schema/settings.json": '{"properties": {"api_key": {"type": "string"}}}\n',
    "settings/local_settings.py": 'SECRET_KEY = os.environ["SECRET_KEY"]\n',
    "blog/wp-config-docker.php": "define('DB_PASSWORD', getenv('DB_PASSWORD'));\n",
    "api/appsettings.Production.json": '{"Auth": {"TokenLifetime": "01:00:00"}}\n',
    "config/database.yml": 'production:\n  password: <%= ENV["DB_PASSWORD"] %>\n',
    "node_modules/tls/test/fixtures/server.key": pem("RSA"),
    "vendor/github.com/x/tls/testdata/key.pem": pem("RSA"),
    "secrets/README": "Put one file for each secret here, and do not commit them.\n",
    "secrets/.gitkeep": "",
    "passwords.txt.md": "How to choose a password\n",
}
