#!/usr/bin/env bash
echo 'There is nothing to put right.'
