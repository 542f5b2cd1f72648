#!/usr/bin/env bash
# Makes models/skpeft-tiny anew from the texts of ../shared/data: tokenizer, model, four skills, and their scores on the test files.
# usage: models/skpeft-tiny/recipe/make.sh [WORK]     WORK (default /tmp/skpeft-tiny) keeps checkpoints: an interrupted run goes on.
set -euo pipefail
cd "$(dirname "$0")/../../.."
data=$(cd ../shared/data && pwd)
work=${1:-/tmp/skpeft-tiny}
recipe=models/skpeft-tiny/recipe
out=models/skpeft-tiny
mkdir -p "$work"

dotnet build -c Release Host/SkPeft.Host -v q
dotnet build -c Release samples/ShippedModel -v q
skpeft=artifacts/bin/SkPeft.Host/release/skpeft
parts=artifacts/bin/ShippedModel/release/ShippedModel

# 1. Texts (train files only), a vocabulary, a model.
[ -f "$work/corpus/texts.jsonl" ] || $parts corpus "$data" "$work/corpus"
[ -f "$work/tokenizer/tokenizer.json" ] || $skpeft train-tokenizer --data "$work/corpus/texts.jsonl" --size 4096 --out "$work/tokenizer"
[ -f "$work/base/model.safetensors" ] || $skpeft pretrain $recipe/config.json --tokenizer "$work/tokenizer/tokenizer.json" \
    --data "$work/corpus/texts.jsonl" --out "$work/base" --options $recipe/pretrain.json --log "$work/pretrain.log" --threads 1 --resume
$skpeft convert "$work/base" $out/skpeft-tiny.gguf --type q8_0
model=$out/skpeft-tiny.gguf

# 2. Skills, each by another method. What a run is made of stands in its options file.
learn() { # folder options data … : trains one adapter
    local name=$1 options=$2; shift 2
    rm -rf "$work/skills/$name"
    $skpeft train $model --options $recipe/"$options".json --out "$work/skills/$name" --threads 1 "$@"
}
ship() { # skill folder
    mkdir -p $out/skills/"$1"
    cp "$work/skills/$2"/adapter_config.json "$work/skills/$2"/adapter_model.safetensors $out/skills/"$1"/
}
describe=(--data "$work/corpus/describe-train.jsonl" --prompt '{meaning}\nDescription:' --completion ' {reference}<|endoftext|>')
learn describe-1 describe "${describe[@]}"
learn describe describe-more --init "$work/skills/describe-1/state.safetensors" "${describe[@]}"
learn describe-prefix describe-prefix "${describe[@]}"
learn sentiment sentiment --data "$work/corpus/sentiment-train.jsonl" --prompt 'Review: {text}\nSentiment:' --completion ' {label}'
learn topic topic --data "$data/agnews/train.jsonl" --prompt 'News: {text}\nTopic:' --completion ' {label}'
learn family family --data "$work/corpus/family-train.jsonl" --prompt 'Text: {text}\nFamilies:' --completion ' {label}'
for name in describe sentiment topic family; do ship $name $name; done

# 3. Scores on the test files, each beside the bare model's.
score() { # name data prompt labels
    echo "$1: $($skpeft score $model --data "$2" --prompt "$3" --labels "$4" --adapter $out/skills/"$1" --json | grep -o '"accuracy": *[0-9.]*')" \
        "bare: $($skpeft score $model --data "$2" --prompt "$3" --labels "$4" --json | grep -o '"accuracy": *[0-9.]*')"
}
{
    score sentiment "$data/sst2/test.jsonl" 'Review: {text}\nSentiment:' positive,negative
    score topic "$data/agnews/test.jsonl" 'News: {text}\nTopic:' World,Sports,Business,Sci/Tech
    score family "$work/corpus/family-test.jsonl" 'Text: {text}\nFamilies:' yes,no
    echo "describe: $($parts slots $model $out/skills/describe "$data/e2e/test.jsonl")"
    echo "describe by prefix tuning: $($parts slots $model "$work/skills/describe-prefix" "$data/e2e/test.jsonl")"
    echo "describe, bare: $($parts slots $model - "$data/e2e/test.jsonl")"
} | tee "$work/scores.txt"
