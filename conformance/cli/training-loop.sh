#!/usr/bin/env bash
# The whole loop with the AWS CLI and nothing set but AWS_ENDPOINT_URL and credentials. Ends with "N passed, N failed".
set -uo pipefail
passed=0
failed=0
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
run="cli-$(date +%s)-$$"
bucket="$run"
echo '{"instances":["a superb screen"]}' > "$folder/request.json"
image="811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1"
role="arn:aws:iam::000000000000:role/training"

# step <name> <command …>: counts and prints the outcome; the command's output is shown when it fails.
step() {
  local name="$1"
  shift
  if "$@" > "$folder/output" 2>&1; then
    passed=$((passed + 1))
    echo "ok $name"
  else
    failed=$((failed + 1))
    echo "FAILED $name"
    cat "$folder/output"
  fi
}

# await_status <wanted> <command …>: the CLI's own waiters look only every 30 s.
await_status() {
  local wanted="$1" status=""
  shift
  for _ in $(seq 240); do
    status="$("$@" --output text 2>&1)"
    [[ "$status" == *"$wanted"* ]] && return 0
    [[ "$status" == *Failed* ]] && break
    sleep 0.5
  done
  echo "status: $status instead of $wanted"
  return 1
}

endpoint_status() { await_status "$1" aws sagemaker describe-endpoint --endpoint-name "$run" --query EndpointStatus; }

upload() {
  python3 -c "import sys; sys.path.insert(0, '$(dirname "$0")/../python'); from labelled_text import opinions; sys.stdout.write(opinions(4000, seed=1))" > "$folder/train.txt"
  head -c 20000000 /dev/urandom > "$folder/large.bin"
  aws s3 mb "s3://$bucket" && aws s3 cp "$folder/train.txt" "s3://$bucket/train/train.txt" && aws s3 cp "$folder/large.bin" "s3://$bucket/large.bin" &&
    aws s3 cp "s3://$bucket/large.bin" "$folder/back.bin" && cmp "$folder/large.bin" "$folder/back.bin" &&
    aws s3 ls "s3://$bucket/" --recursive | grep -q train/train.txt
}

train() {
  aws sagemaker create-training-job --training-job-name "$1" --role-arn "$role" \
    --algorithm-specification "TrainingImage=$image,TrainingInputMode=File" \
    --hyper-parameters "mode=supervised,epochs=$2,vector_dim=10,buckets=20000,min_count=1" \
    --input-data-config "ChannelName=train,ContentType=text/plain,DataSource={S3DataSource={S3DataType=S3Prefix,S3Uri=s3://$bucket/train/}}" \
    --output-data-config "S3OutputPath=s3://$bucket/output" \
    --resource-config "InstanceCount=1,InstanceType=ml.m5.large,VolumeSizeInGB=5" --stopping-condition MaxRuntimeInSeconds=600 || return 1
  await_status Completed aws sagemaker describe-training-job --training-job-name "$1" --query TrainingJobStatus
}

read_log() {
  stream="$(aws logs describe-log-streams --log-group-name /aws/sagemaker/TrainingJobs --log-stream-name-prefix "$run-a/" --query 'logStreams[0].logStreamName' --output text)"
  aws logs get-log-events --log-group-name /aws/sagemaker/TrainingJobs --log-stream-name "$stream" --start-from-head --query 'events[].message' --output text | grep -q train_accuracy
}

prepare() {
  aws sagemaker create-model --model-name "$1" --execution-role-arn "$role" \
    --primary-container "Image=$image,ModelDataUrl=s3://$bucket/output/$1/output/model.tar.gz" &&
    aws sagemaker create-endpoint-config --endpoint-config-name "$1" \
      --production-variants "VariantName=AllTraffic,ModelName=$1,InitialInstanceCount=1,InstanceType=ml.m5.large"
}

deploy() {
  prepare "$run-a" && aws sagemaker create-endpoint --endpoint-name "$run" --endpoint-config-name "$run-a" && endpoint_status InService
}

predict() {
  aws sagemaker-runtime invoke-endpoint --endpoint-name "$run" --content-type application/json --body "fileb://$folder/request.json" "$folder/answer.json" &&
    grep -q __label__positive "$folder/answer.json"
}

update() {
  train "$run-b" 8 && prepare "$run-b" || return 1
  touch "$folder/go"
  (
    while [ -e "$folder/go" ]; do predict || echo bad >> "$folder/errors"; done
  ) > /dev/null 2>&1 &
  local load=$!
  aws sagemaker update-endpoint --endpoint-name "$run" --endpoint-config-name "$run-b"
  local status=$?
  endpoint_status InService || status=1
  rm "$folder/go"
  wait "$load"
  [ "$status" -eq 0 ] && [ ! -e "$folder/errors" ]
}

delete() {
  aws sagemaker delete-endpoint --endpoint-name "$run" && endpoint_status "Could not find" &&
    aws sagemaker delete-endpoint-config --endpoint-config-name "$run-a" && aws sagemaker delete-model --model-name "$run-a" &&
    aws s3 rb "s3://$bucket" --force
}

step "a bucket, a large file up and down" upload
step "a training job completes" train "$run-a" 5
step "its log can be read" read_log
step "an endpoint is in service" deploy
step "it predicts" predict
step "an update under load: not one request fails" update
step "everything is deleted" delete

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
